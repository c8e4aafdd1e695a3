Feature: f
  Scenario: s
