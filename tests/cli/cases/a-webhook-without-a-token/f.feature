Feature: f
  Scenario: s
    Given a doo account
    And every webhook arrives without credentials
    When Anna books a ticket
    Then no webhook was sent without a token
