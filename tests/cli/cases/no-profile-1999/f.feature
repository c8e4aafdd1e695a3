Feature: f
  Scenario: s
    Given an Ombori account on profile "1999"
