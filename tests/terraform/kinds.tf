# Keys of other kinds: a key pair, an HMAC key, imported material, and a multi-Region key with a replica.

resource "aws_kms_key" "signing" {
  description              = "signing"
  customer_master_key_spec = "ECC_NIST_P256"
  key_usage                = "SIGN_VERIFY"
  deletion_window_in_days  = 7
}

data "aws_kms_public_key" "signing" {
  key_id = aws_kms_key.signing.arn
}

resource "aws_kms_key" "authenticating" {
  customer_master_key_spec = "HMAC_256"
  key_usage                = "GENERATE_VERIFY_MAC"
  deletion_window_in_days  = 7
}

resource "aws_kms_external_key" "brought" {
  description             = "brought"
  enabled                 = true
  key_material_base64     = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
  deletion_window_in_days = 7
}

resource "aws_kms_key" "primary" {
  description             = "primary"
  multi_region            = true
  enable_key_rotation     = true
  deletion_window_in_days = 7
}

provider "aws" {
  alias  = "ireland"
  region = "eu-west-1"

  endpoints {
    iam = var.endpoint
    kms = var.endpoint
    sts = var.endpoint
  }
}

resource "aws_kms_replica_key" "replica" {
  provider                = aws.ireland
  primary_key_arn         = aws_kms_key.primary.arn
  description             = "replica"
  tags                    = { team = "pay" }
  deletion_window_in_days = 7
}

output "public_key" {
  value = data.aws_kms_public_key.signing.public_key_pem
}

output "brought" {
  value = aws_kms_external_key.brought.id
}

output "replica" {
  value = aws_kms_replica_key.replica.arn
}
