terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

variable "endpoint" {
  type = string
}

provider "aws" {
  endpoints {
    iam           = var.endpoint
    kms           = var.endpoint
    organizations = var.endpoint
    sts           = var.endpoint
  }
}

data "aws_caller_identity" "me" {}
