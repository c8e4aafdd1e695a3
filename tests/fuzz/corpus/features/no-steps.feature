Feature: a
  Scenario: b
