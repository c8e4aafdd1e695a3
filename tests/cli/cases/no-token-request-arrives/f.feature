Feature: f
  Scenario: s
    Given a doo account
    And every token request is lost
    When Anna books a ticket
    Then every token request is accepted
