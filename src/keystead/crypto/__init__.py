"""Bytes in, bytes out: the only package that imports a cryptographic library.

No function here reads a clock, a file (but for the root key's own, `root_key`), the store or the network,
and none of them logs. Randomness is an argument, `random`, which must return as many bytes as it is asked
for from a cryptographically secure source; what key pairs and their signatures need of it, the libraries draw
from the operating system themselves.

- `ciphertext`: the blob that Encrypt and GenerateDataKey return; its format is `docs/ciphertext.md`.
- `key_material`: what key material can do, a class for each capability.
- `key_families`: the material of every key spec, made, loaded and taken from outside.
- `symmetric`, `mac`, `rsa`, `ecc`, `edwards`, `mldsa`, `mlkem`: a family each.
- `pkcs8`: how key pairs are encoded.
- `material`: key material and other secrets, sealed under the installation's root key.
- `key_wrap`: imported key material, unwrapped.
- `import_token`: the tokens that GetParametersForImport returns.
- `grant_token`: the tokens that CreateGrant returns.
- `root_key`: the root key itself, sealed by a key file or a passphrase.

A failure says nothing about why: `InvalidCiphertext`, `InvalidGrantToken` and `InvalidImportToken` towards
callers of the API, `SealBroken` and `RootKeyRefused` towards operators, without a secret in their texts.
"""
