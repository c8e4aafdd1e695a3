@waitwhile
Feature: Waitwhile: values that programs get wrong

  @rule:refused-text @should
  Rule: Text that a database refuses breaks nothing else
    Why: JSON can hold text that databases and other languages cannot, such as a character 0 or half an
    emoji. A receiver that fails at it answers with a server error, and gets the webhook again and again.
    Not documented: which characters texts have.
    Assumed: a receiver may store such a text, change it or refuse it. It must not fail with a server
    error, and takes the webhook after it.

    Scenario Outline: a creation whose <path> is <value> is accepted or refused, and the change after it is accepted
      Given a Waitwhile account
      And the next visit.created arrives with field "data.<path>" as <value>
      When Wanjiru joins the waitlist
      Then the visit.created of Wanjiru is accepted or refused
      And no answer is a server error
      When staff serve Wanjiru
      Then the visit.updated of Wanjiru is accepted
      And the receiver has Wanjiru's visit as the vendor has it

      Examples:
        | path   | value            |
        | name   | "Wan\\u0000jiru"  |
        | name   | "Wanjiru \\ud83d" |
        | name   | "\\udc4d Wanjiru" |
        | ticket | "A\\u000012"      |

    Scenario Outline: a tag that is <value> is accepted or refused, and the change after it is accepted
      Given a Waitwhile account
      When Xiomara joins the waitlist
      And the next visit.updated of Xiomara arrives with field "after.tags" as [<value>]
      And staff flag Xiomara
      Then the visit.updated of Xiomara is accepted or refused
      And no answer is a server error
      When staff serve Xiomara
      Then the receiver has Xiomara's visit as the vendor has it

      Examples:
        | value         |
        | "VIP \\ud83d" |
        | "VIP\\u0000"  |
