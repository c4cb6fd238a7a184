// SPDX-License-Identifier: Apache-2.0
#include <ldap.h>
#include <ldif.h>
