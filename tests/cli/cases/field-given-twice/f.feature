Feature: f
  Scenario: s
    Given a doo account
    When Anna books a ticket
    Then every token request has:
      | method | POST |
      | method | GET  |
