# Users, groups, roles and policies of an account, as Terraform's AWS provider manages them.

terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}
variable "endpoint" {}
variable "account" {}
provider "aws" {
  region     = "us-east-1"
  access_key = var.account
  secret_key = "test"

  skip_region_validation  = true
  skip_metadata_api_check = true

  endpoints {
    iam = var.endpoint
    sts = var.endpoint
    kms = var.endpoint
  }
}
data "aws_caller_identity" "me" {}
resource "aws_iam_policy" "keys" {
  name        = "keys"
  path        = "/team/"
  description = "keys of the team"
  policy      = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = ["kms:Encrypt", "kms:Decrypt"], Resource = "*" }] })
  tags        = { team = "blue" }
}
resource "aws_iam_user" "app" {
  name                 = "app"
  path                 = "/team/"
  permissions_boundary = aws_iam_policy.keys.arn
  tags                 = { team = "blue", Cost = "1" }
}
resource "aws_iam_user_policy" "inline" {
  name   = "inline"
  user   = aws_iam_user.app.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "kms:ListKeys", Resource = "*" }] })
}
resource "aws_iam_user_policy_attachment" "keys" {
  user       = aws_iam_user.app.name
  policy_arn = aws_iam_policy.keys.arn
}
resource "aws_iam_access_key" "app" {
  user = aws_iam_user.app.name
}
resource "aws_iam_group" "team" {
  name = "team"
}
resource "aws_iam_group_policy" "inline" {
  name   = "inline"
  group  = aws_iam_group.team.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "kms:ListAliases", Resource = "*" }] })
}
resource "aws_iam_group_policy_attachment" "ro" {
  group      = aws_iam_group.team.name
  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
}
resource "aws_iam_user_group_membership" "app" {
  user   = aws_iam_user.app.name
  groups = [aws_iam_group.team.name]
}
resource "aws_iam_role" "job" {
  name                 = "job"
  max_session_duration = 7200
  description          = "runs"
  assume_role_policy   = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = aws_iam_user.app.arn } }] })
  tags                 = { team = "blue" }
}
resource "aws_iam_role_policy" "inline" {
  name   = "inline"
  role   = aws_iam_role.job.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "kms:*", Resource = "*" }] })
}
resource "aws_iam_role_policy_attachment" "keys" {
  role       = aws_iam_role.job.name
  policy_arn = aws_iam_policy.keys.arn
}
