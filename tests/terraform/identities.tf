# Users, groups, roles and policies, attached in every way.

resource "aws_iam_user" "ann" {
  name = "ann"
  path = "/team/"
  tags = { team = "payments", "with blank" = "" }
}

resource "aws_iam_user" "bob" {
  name                 = "bob"
  permissions_boundary = aws_iam_policy.use.arn
  force_destroy        = true
}

resource "aws_iam_user_login_profile" "bob" {
  user            = aws_iam_user.bob.name
  password_length = 30
}

resource "aws_iam_account_password_policy" "strict" {
  minimum_password_length   = 14
  require_numbers           = true
  require_symbols           = true
  max_password_age          = 90
  password_reuse_prevention = 5
}

resource "aws_iam_account_alias" "name" {
  account_alias = "keystead-${data.aws_caller_identity.me.account_id}"
}

resource "aws_iam_access_key" "ann" {
  user = aws_iam_user.ann.name
}

resource "aws_iam_group" "team" {
  name = "team"
  path = "/team/"
}

resource "aws_iam_user_group_membership" "ann" {
  user   = aws_iam_user.ann.name
  groups = [aws_iam_group.team.name]
}

resource "aws_iam_role" "app" {
  name                 = "app"
  path                 = "/service/"
  description          = "what runs the shop"
  max_session_duration = 7200
  tags                 = { team = "payments" }
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "ByAnn"
      Effect    = "Allow"
      Principal = { AWS = aws_iam_user.ann.arn }
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "sts:ExternalId" = "shop" } }
    }]
  })
}

resource "aws_iam_policy" "use" {
  name        = "use"
  path        = "/team/"
  description = "use of keys"
  tags        = { team = "payments" }
  policy      = data.aws_iam_policy_document.use.json
}

data "aws_iam_policy_document" "use" {
  statement {
    sid       = "Use"
    actions   = ["kms:Encrypt", "kms:Decrypt"]
    resources = ["*"]
    condition {
      test     = "StringEquals"
      variable = "kms:EncryptionContext:app"
      values   = ["shop", "pay"]
    }
  }
}

resource "aws_iam_user_policy_attachment" "ann" {
  user       = aws_iam_user.ann.name
  policy_arn = aws_iam_policy.use.arn
}

resource "aws_iam_group_policy_attachment" "team" {
  group      = aws_iam_group.team.name
  policy_arn = aws_iam_policy.use.arn
}

resource "aws_iam_role_policy_attachment" "app" {
  role       = aws_iam_role.app.name
  policy_arn = aws_iam_policy.use.arn
}

resource "aws_iam_role_policy_attachment" "power" {
  role       = aws_iam_role.app.name
  policy_arn = "arn:aws:iam::aws:policy/AWSKeyManagementServicePowerUser"
}

resource "aws_iam_user_policy" "ann" {
  name   = "inline"
  user   = aws_iam_user.ann.name
  policy = data.aws_iam_policy_document.use.json
}

resource "aws_iam_group_policy" "team" {
  name   = "inline"
  group  = aws_iam_group.team.name
  policy = data.aws_iam_policy_document.use.json
}

resource "aws_iam_role_policy" "app" {
  name   = "inline"
  role   = aws_iam_role.app.name
  policy = data.aws_iam_policy_document.use.json
}

resource "aws_iam_instance_profile" "app" {
  name = "app"
  role = aws_iam_role.app.name
}

resource "aws_iam_openid_connect_provider" "issuer" {
  url             = "https://issuer.example.com"
  client_id_list  = ["keystead"]
  thumbprint_list = ["990f4193972f2becf12ddeda5237f9c952f20d9e"]
}
