@ombori
Feature: Ombori: values that programs get wrong

  @rule:refused-text @should
  Rule: Text that a database refuses breaks nothing else
    Why: JSON can hold text that databases and other languages cannot, such as a character 0 or half an
    emoji. A receiver that fails at it answers with a server error, and gets the webhook again and again.
    Not documented: which characters texts have.
    Assumed: a receiver may store such a text, change it or refuse it. It must not fail with a server
    error, and takes the webhook after it.

    Scenario Outline: a creation whose <path> is <value> is accepted or refused, and the call after it is accepted
      Given an Ombori account
      And the next positionCreated arrives with field "data.position.<path>" as <value>
      When Wanjiru takes a walk-in ticket
      Then the positionCreated of Wanjiru is accepted or refused
      And no answer is a server error
      When staff call Wanjiru
      Then the positionCalled of Wanjiru is accepted
      And the receiver has Wanjiru's position as "notified"

      Examples:
        | path                        | value            |
        | label                       | "A\\u000012"      |
        | label                       | "A12 \\ud83d"     |
        | registrationData.name.value | "Wan\\u0000jiru"  |
        | registrationData.name.value | "\\udc4d Wanjiru" |

    Scenario Outline: feedback that is <value> is accepted or refused, and the next feedback is stored
      Given an Ombori account
      When Xiomara takes a walk-in ticket
      And staff call Xiomara
      And staff check in Xiomara
      And staff check out Xiomara
      And the next feedbackReceived arrives with field "data.position.feedback.message" as <value>
      And Xiomara gives feedback 4 "Good"
      Then the feedbackReceived of Xiomara is accepted or refused
      And no answer is a server error
      When Xiomara gives feedback 5 "Very good"
      Then the receiver has Xiomara's position with:
        | field            | value     |
        | feedback.message | Very good |

      Examples:
        | value               |
        | "Good\\u0000"        |
        | "Good \\ud83d\\ud83d" |
