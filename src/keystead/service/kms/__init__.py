"""The KMS API: one function per operation. Importing the package registers them all."""

import keystead.service.kms.agreement
import keystead.service.kms.aliases
import keystead.service.kms.create_key
import keystead.service.kms.data_keys
import keystead.service.kms.deletion
import keystead.service.kms.encapsulation
import keystead.service.kms.encryption
import keystead.service.kms.grant_lists
import keystead.service.kms.grants
import keystead.service.kms.import_parameters
import keystead.service.kms.imports
import keystead.service.kms.keys
import keystead.service.kms.macs
import keystead.service.kms.multi_region
import keystead.service.kms.policies
import keystead.service.kms.public_keys
import keystead.service.kms.random
import keystead.service.kms.rotation
import keystead.service.kms.signing
import keystead.service.kms.tags  # noqa: F401  # imported for what importing it registers
