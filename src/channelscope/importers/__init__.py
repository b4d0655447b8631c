"""Exports of marketplaces → the tables of the contract.

A mapping file in `layouts/` says what each column of an export is; code is there only for what a
mapping cannot say. Names, phones and addresses are never selected; buyers are hashed as they are
read.
"""
