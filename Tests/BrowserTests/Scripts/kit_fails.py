# SPDX-License-Identifier: Apache-2.0
"""Ends badly, for the test that looks whether that is noticed."""
import sys

print("so sad")
sys.exit(3)
