Feature: a
  Scenario: b
    Given an ombori account
    When Anna takes a ticket
