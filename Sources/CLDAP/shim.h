// SPDX-License-Identifier: Apache-2.0
#include <stdio.h>
#include <ldap.h>
#include <ldif.h>
