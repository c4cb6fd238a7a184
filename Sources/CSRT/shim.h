// SPDX-License-Identifier: Apache-2.0
#include <srt/srt.h>
#include <srt/access_control.h>
