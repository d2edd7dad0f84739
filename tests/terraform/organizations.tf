# An organization with a unit, an account and policies, as Terraform's AWS provider manages them.

resource "aws_organizations_organization" "all" {
  feature_set                   = "ALL"
  enabled_policy_types          = ["SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"]
  aws_service_access_principals = ["sso.amazonaws.com"]
}
resource "aws_organizations_organizational_unit" "production" {
  name      = "production"
  parent_id = aws_organizations_organization.all.roots[0].id
  tags      = { stage = "production" }
}
resource "aws_organizations_account" "payments" {
  name      = "payments"
  email     = "payments@${data.aws_caller_identity.me.account_id}.example.com"
  parent_id = aws_organizations_organizational_unit.production.id
  role_name = "way-in"
  tags      = { team = "blue" }

  lifecycle {
    ignore_changes = [role_name] # AWS does not tell it either
  }
}
resource "aws_organizations_policy" "keep_keys" {
  name        = "keep-keys"
  description = "Nobody deletes keys."
  content     = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Deny", Action = "kms:ScheduleKeyDeletion", Resource = "*" }] })
  tags        = { team = "blue" }
  depends_on  = [aws_organizations_organization.all]
}
resource "aws_organizations_policy" "no_strangers" {
  name    = "no-strangers"
  type    = "RESOURCE_CONTROL_POLICY"
  content = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Deny", Principal = "*", Action = "kms:*", Resource = "*", Condition = { StringNotEquals = { "aws:PrincipalOrgID" = aws_organizations_organization.all.id } } }] })
}
resource "aws_organizations_policy_attachment" "keep_keys" {
  policy_id = aws_organizations_policy.keep_keys.id
  target_id = aws_organizations_organizational_unit.production.id
}
resource "aws_organizations_policy_attachment" "no_strangers" {
  policy_id = aws_organizations_policy.no_strangers.id
  target_id = aws_organizations_organization.all.roots[0].id
}
