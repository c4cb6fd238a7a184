// SPDX-License-Identifier: Apache-2.0
#include <srtp2/srtp.h>
