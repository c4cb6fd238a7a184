// SPDX-License-Identifier: Apache-2.0
#include <fido.h>
#include <fido/es256.h>
#include <fido/rs256.h>
