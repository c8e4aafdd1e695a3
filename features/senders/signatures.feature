@sender @credentials @login-signature
Feature: A sender: signatures

  @rule:sender-signatures @must
  Rule: A webhook without a right signature is refused
    Why: Anybody who finds the URL can post to it. A receiver that does not check the signature lets
    strangers make payments, deployments and messages that never were.
    Documented: receivers verify the signature over the raw body before they use it. `standin senders`
    names the document of each sender.
    Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
    Assumed: any 4xx is a refusal.

    Scenario: a signed webhook is accepted
      Given a Sender account
      When event Alder happens
      And event Birch happens
      Then every webhook is accepted

    Scenario Outline: a webhook that <damage> is refused
      Given a Sender account
      And every webhook <damage>
      When event Cedar happens
      Then the last webhook is refused
      And no answer is a server error

      Examples:
        | damage                                                      |
        | arrives without credentials                                 |
        | arrives with empty credentials                              |
        | arrives with wrong credentials                              |
        | arrives with malformed credentials                          |
        | arrives with credentials that differ in the first character |
        | arrives with credentials that differ in the middle          |
        | arrives with credentials that differ in the last character  |
        | arrives with credentials in another case                    |
        | arrives with the first half of the credentials              |
        | arrives with more than the credentials                      |

      @signs-content
      Examples:
        | damage                                     |
        | is tampered with after signing             |
        | arrives with the signature of another body |

      @signs-body
      Examples:
        | damage                         |
        | is re-serialised after signing |

    @signs-url
    Scenario: a webhook that is signed for another URL is refused
      Given a Sender account
      And every webhook arrives signed for another URL
      When event Douglas happens
      Then the last webhook is refused
      And no answer is a server error

    @json-body
    Scenario: a webhook in another JSON form is accepted, because exactly these bytes are signed
      Given a Sender account
      And every webhook arrives as reformatted JSON
      When event Elder happens
      Then every webhook is accepted

    @form-body
    Scenario: a form that is spelt otherwise is accepted, because it is signed as it is sent
      Given a Sender account
      And every webhook arrives as a reformatted form
      When event Elder happens
      Then every webhook is accepted

    Scenario: refusing a stranger does not lock the sender out
      Given a Sender account
      And the next webhook arrives with wrong credentials
      When event Fir happens
      And event Gorse happens
      Then the webhook of Gorse is accepted

    Scenario: a webhook whose first attempt had a wrong signature is accepted with the right one
      Given a Sender account
      And deliveries are retried 3 times, 1 second apart
      And attempt 1 of every webhook arrives with wrong credentials
      When event Hazel happens
      Then every webhook is accepted
      And the last webhook took 2 attempts

    Scenario: a webhook with two headers of signatures is accepted or refused
      Given a Sender account
      And every webhook arrives with two signatures
      When event Ivy happens
      Then the last webhook is accepted or refused
      And no answer is a server error

  @rule:sender-rotation @must @two-keys
  Rule: A webhook is accepted while a key is being replaced
    Why: While a key is replaced, senders sign with both, the old and the new one. A receiver that looks at
    one signature only refuses every webhook until it has the same key.
    Documented: the header of Standard Webhooks can hold several signatures, and one that is right is enough.
    Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
    Documented: Stripe signs with both secrets while one is being replaced.
    Source: https://docs.stripe.com/webhooks/signature
    Not documented: which signature is the first.

    Scenario Outline: a webhook that <how> is accepted
      Given a Sender account
      And every webhook <how>
      When event Juniper happens
      Then every webhook is accepted

      Examples:
        | how                                             |
        | arrives with a second signature by an older key |
        | arrives with a second signature by a newer key  |
