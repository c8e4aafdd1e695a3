Feature: f
  Scenario: s
    Given an doo account
    When Anna books a ticket
    Then the receiver has Anna's order as "eaten"
