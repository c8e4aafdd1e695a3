Feature: f
  Scenario: s
    Given a doo account
      | setting | value                    |
      | ids     | {"event": {"Sumit": 17}} |
    When Anna books a ticket
    Then every webhook is accepted
