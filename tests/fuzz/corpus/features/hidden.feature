Feature: ‮ a
  Scenario: ]8;;http://127.0.0.1/ b
    Given an ombori account31m
