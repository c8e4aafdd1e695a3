Feature: f
  Scenario: s
    Given an Ombori account
      | stations | 5 | x |
