# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
"""Requests for decisions that the shipped constitution permits and refuses."""

PERMITTED = {
    "action": "data.read_public",
    "context": {
        "environment": {"sandbox_enabled": True, "audit_enabled": True},
        "agent": {"trust_level": 0.9,
                  "requested_resources": {"cpu_cores": 1}},
        "responsible_party": "test@acgs.example",
        "explanation": "Read a public table for this very test",
    },
}

REFUSED = {
    "action": "system.execute_shell",
    "context": {
        "environment": {"sandbox_enabled": True, "audit_enabled": True},
        "agent": {"trust_level": 0.9},
    },
}
