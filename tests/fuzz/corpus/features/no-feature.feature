Scenario: alone
  Given an ombori account
