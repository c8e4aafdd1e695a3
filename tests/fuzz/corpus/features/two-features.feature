Feature: a
Feature: b
