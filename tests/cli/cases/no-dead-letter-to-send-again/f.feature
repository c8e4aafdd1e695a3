Feature: f
  Scenario: s
    Given a doo account
    When Anna books a ticket
    And the dead letters are sent again
    Then every webhook is accepted
