using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using GeoEvents.Delivery.Email;
using GeoEvents.Delivery.Webhooks;
using GeoEvents.Hosting;
using GeoEvents.Incidents;
using GeoEvents.Recording;
using MimeKit;

namespace GeoEvents.Delivery;

/// <summary>Which subscriptions there can be.</summary>
public sealed partial class SubscriptionRules(WebhookAddresses addresses, SmtpSettings smtp)
{
    private const int LongestTitle = 200;
    private const int MostInFilter = 200;
    private const int MostRecipients = 20;
    private const int MostDigests = 24;

    /// <exception cref="InvalidRequestException">Something is wrong with it.</exception>
    /// <exception cref="RefusedException">It is for e-mail, and no SMTP server is configured (409).</exception>
    public async Task Check(SubscriptionDraft draft, CancellationToken cancel)
    {
        var faults = new List<FieldProblem>();
        if (draft.Id is { } id && !Ids().IsMatch(id))
        {
            faults.Add(FieldProblem.At("/id", "malformed", "An id has 1 to 64 lower-case letters, digits and hyphens, a letter or digit first."));
        }

        if (TextRules.Fault(draft.Title, LongestTitle, required: false, multiline: false) is { } title)
        {
            faults.Add(FieldProblem.At("/title", title.Code, title.Detail));
        }

        if (draft.After < 0)
        {
            faults.Add(FieldProblem.At("/after", "out-of-range", "Feed numbers begin with 1; 0 stands before the first."));
        }

        faults.AddRange(Check(draft.Filter));
        switch (draft)
        {
            case { Webhook: { } webhook, Email: null }:
                faults.AddRange(await addresses.Fault(webhook.Url, "/webhook/url", cancel) is { } fault ? [fault] : []);
                break;
            case { Webhook: null, Email: { } email }:
                faults.AddRange(Check(email));
                break;
            default:
                faults.Add(FieldProblem.At("", "required", "A subscription has either webhook or email."));
                break;
        }

        InvalidRequestException.ThrowIfAny(faults);
        if (draft.Email is not null && !smtp.IsConfigured)
        {
            throw new RefusedException("no-smtp", $"E-mail cannot be sent: the operator has set no {WebhookAddresses.Variable(SmtpSettings.HostKey)}. Use a webhook, or see docs/operations.md.");
        }
    }

    /// <summary>The id of a subscription without one: of the Idempotency-Key, so that a repeated request meets the subscription that the first one made. The answer is not kept: it holds a secret.</summary>
    public static string IdOf(IdempotencyKey? idempotency) => "s-" + (idempotency is null
        ? Guid.CreateVersion7().ToString("N")
        : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(idempotency.Key)))[..32]);

    private static IEnumerable<FieldProblem> Check(SubscriptionFilter? filter)
    {
        foreach (var (name, count) in new[] { ("dyads", filter?.Dyads?.Count), ("rules", filter?.Rules?.Count), ("types", filter?.Types?.Count) })
        {
            if (count > MostInFilter)
            {
                yield return FieldProblem.At($"/filter/{name}", "too-many", $"At most {MostInFilter}.");
            }
        }

        for (var i = 0; i < (filter?.Rules?.Count ?? 0); i++)
        {
            if (!Ids().IsMatch(filter!.Rules![i]))
            {
                yield return FieldProblem.At($"/filter/rules/{i}", "malformed", "Not the id of a rule.");
            }
        }

        for (var i = 0; i < (filter?.Types?.Count ?? 0); i++)
        {
            if (!FactTypes.ByName.ContainsKey(filter!.Types![i]))
            {
                yield return FieldProblem.At($"/filter/types/{i}", "unknown-kind", "The log has no such kind of fact; there is for example alert_fired.");
            }
        }
    }

    private static IEnumerable<FieldProblem> Check(EmailChannel email)
    {
        if (email.To is not { Count: > 0 and <= MostRecipients })
        {
            yield return FieldProblem.At("/email/to", email.To is { Count: > 0 } ? "too-many" : "required", $"1 to {MostRecipients} addresses.");
        }

        for (var i = 0; i < (email.To?.Count ?? 0); i++)
        {
            if (!IsAddress(email.To![i]))
            {
                yield return FieldProblem.At($"/email/to/{i}", "malformed", "Not an address such as desk@example.org, without a name.");
            }
            else if (email.To.Take(i).Contains(email.To[i], StringComparer.OrdinalIgnoreCase))
            {
                yield return FieldProblem.At($"/email/to/{i}", "repeated", "The address is given twice.");
            }
        }

        if (email.Mode == EmailMode.Digest != email.Digest is not null)
        {
            yield return FieldProblem.At("/email/digest", "required", "The mode digest needs digest, and only that mode has it.");
        }

        if (email.Digest is { } digest)
        {
            if (digest.At is not { Count: > 0 and <= MostDigests })
            {
                yield return FieldProblem.At("/email/digest/at", "required", $"1 to {MostDigests} times of day.");
            }

            for (var i = 0; i < (digest.At?.Count ?? 0); i++)
            {
                foreach (var fault in Time(digest.At![i], $"/email/digest/at/{i}"))
                {
                    yield return fault;
                }
            }
        }

        foreach (var fault in email.QuietHours is { } quiet
            ? Time(quiet.From, "/email/quietHours/from").Concat(Time(quiet.To, "/email/quietHours/to")).Concat(Zone(quiet.Zone, "/email/quietHours/zone"))
            : [])
        {
            yield return fault;
        }

        foreach (var fault in Zone(email.Digest?.Zone, "/email/digest/zone"))
        {
            yield return fault;
        }

        if (email.QuietHours is { } hours && hours.From == hours.To && EmailSchedule.TimeOfDay(hours.From) is not null)
        {
            yield return FieldProblem.At("/email/quietHours/to", "out-of-range", "Quiet hours end at another time than they begin.");
        }
    }

    private static IEnumerable<FieldProblem> Time(string text, string pointer) =>
        EmailSchedule.TimeOfDay(text) is null ? [FieldProblem.At(pointer, "malformed", "Not a time of day such as 07:30.")] : [];

    private static IEnumerable<FieldProblem> Zone(string? id, string pointer) =>
        OccurredOn.TryFindZone(id, out _) ? [] : [FieldProblem.At(pointer, "unknown-zone", "No such IANA time zone.")];

    /// <summary>Plain ASCII, so that nothing of a header but one address can be in it.</summary>
    private static bool IsAddress(string text) =>
        text.Length <= 254 && Addresses().IsMatch(text) && MailboxAddress.TryParse(text, out var mailbox) && mailbox.Address == text;

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9-]{0,63}\z")]
    private static partial Regex Ids();

    [GeneratedRegex(@"\A[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\z")]
    private static partial Regex Addresses();
}
