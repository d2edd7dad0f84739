# A key whose policy is a resource of its own, a value sealed by it, and a secret opened by it.

variable "sealed" {
  type        = string
  default     = null # the first apply has nothing to open
  description = "A ciphertext under alias/sealing, in base64."
}

resource "aws_iam_user" "reader" {
  name = "reader"
}

resource "aws_kms_key" "sealing" {
  description             = "sealing"
  deletion_window_in_days = 7
  enable_key_rotation     = true
  rotation_period_in_days = 180
}

resource "aws_kms_key_policy" "sealing" {
  key_id = aws_kms_key.sealing.id
  policy = jsonencode({
    Version = "2012-10-17"
    Id      = "sealing"
    Statement = [
      {
        Sid       = "Enable IAM User Permissions"
        Effect    = "Allow"
        Principal = { AWS = "arn:aws:iam::${data.aws_caller_identity.me.account_id}:root" }
        Action    = "kms:*"
        Resource  = "*"
      },
      {
        Sid       = "Read"
        Effect    = "Allow"
        Principal = { AWS = aws_iam_user.reader.arn }
        Action    = "kms:Decrypt"
        Resource  = "*"
      },
    ]
  })
}

resource "aws_kms_alias" "sealing" {
  name          = "alias/sealing"
  target_key_id = aws_kms_key.sealing.arn
}

resource "aws_kms_ciphertext" "password" {
  key_id    = aws_kms_key.sealing.key_id
  plaintext = "correct horse"
  context   = { app = "shop" }
}

data "aws_kms_key" "sealing" {
  key_id = aws_kms_alias.sealing.name
}

data "aws_kms_alias" "sealing" {
  name = aws_kms_alias.sealing.name
}

data "aws_kms_secrets" "sealed" {
  count = var.sealed == null ? 0 : 1
  secret {
    name    = "password"
    payload = var.sealed
    context = { app = "shop" }
  }
}

output "key" {
  value = data.aws_kms_key.sealing.arn
}

output "target" {
  value = data.aws_kms_alias.sealing.target_key_arn
}

output "ciphertext" {
  value = aws_kms_ciphertext.password.ciphertext_blob
}

output "opened" {
  value     = var.sealed == null ? null : data.aws_kms_secrets.sealed[0].plaintext["password"]
  sensitive = true
}
