Feature: f
  Scenario: s
    Given an Ombori account
    And deliveries are held back
    When Anna takes a walk-in ticket
    Then the last webhook is accepted
