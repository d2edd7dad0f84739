# A key whose policy names a user and a role, with an alias and a grant.

resource "aws_iam_user" "ann" {
  name = "ann-of-keys"
  path = "/team/"
}

resource "aws_iam_role" "app" {
  name = "app-of-keys"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = data.aws_caller_identity.me.account_id }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_kms_key" "pay" {
  description             = "payments"
  deletion_window_in_days = 7
  tags                    = { team = "payments" }
  policy = jsonencode({
    Version = "2012-10-17"
    Id      = "pay"
    Statement = [
      {
        Sid       = "Enable IAM User Permissions"
        Effect    = "Allow"
        Principal = { AWS = "arn:aws:iam::${data.aws_caller_identity.me.account_id}:root" }
        Action    = "kms:*"
        Resource  = "*"
      },
      {
        Sid       = "Use"
        Effect    = "Allow"
        Principal = { AWS = [aws_iam_user.ann.arn, aws_iam_role.app.arn] }
        Action    = ["kms:Encrypt", "kms:Decrypt"]
        Resource  = "*"
      },
    ]
  })
}

resource "aws_kms_alias" "pay" {
  name          = "alias/pay"
  target_key_id = aws_kms_key.pay.key_id
}

resource "aws_kms_grant" "app" {
  name              = "app"
  key_id            = aws_kms_key.pay.key_id
  grantee_principal = aws_iam_role.app.arn
  operations        = ["Encrypt", "Decrypt"]
  constraints {
    encryption_context_subset = { app = "shop" }
  }
}
