"""What the condition keys hold in a check: `CheckContext`, which policies read.

Which keys a check has is AWS's to say (`keystead.policy.catalogue`); what fills them is the table
`keystead.service.context.table`: one function a key, or the reason why Keystead never fills it.
"""

from keystead.service.context.check import CheckContext
from keystead.service.context.kms_values import encryption_context

__all__ = ["CheckContext", "encryption_context"]
