using System.Globalization;
using GeoEvents.Coding;
using MimeKit;

namespace GeoEvents.Delivery.Email;

/// <summary>An e-mail, in plain text and HTML: for one alert, or a digest of several.</summary>
public static class EmailMessage
{
    private const int LongestSubject = 120;

    /// <param name="id">Left half of the Message-ID; the same in every attempt.</param>
    public static MimeMessage Of(
        string workspace, Subscription subscription, string id, IReadOnlyList<DeliveryContent> items, MailboxAddress from, DateTimeOffset now)
    {
        var domain = from.Address[(from.Address.LastIndexOf('@') + 1)..];
        var message = new MimeMessage
        {
            MessageId = $"{id}@{domain}",
            Date = now,
            Subject = OneLine(SubjectOf(items)),
        };
        message.From.Add(from);
        message.To.AddRange((subscription.Content.Email!.To ?? []).Select(MailboxAddress.Parse));
        message.Headers.Add("Auto-Submitted", "auto-generated");
        var references = items.SelectMany(i => i.References ?? []).Select(r => $"{r.Message}@{domain}").Distinct().Where(r => r != message.MessageId).ToList();
        if (references.Count > 0)
        {
            message.InReplyTo = references[0];
            message.References.AddRange(references);
        }

        var text = new EmailText(workspace, subscription, items);
        message.Body = new MultipartAlternative
        {
            new TextPart("plain") { Text = text.Plain(), ContentTransferEncoding = ContentEncoding.QuotedPrintable },
            new TextPart("html") { Text = text.Html(), ContentTransferEncoding = ContentEncoding.QuotedPrintable },
        };
        return message;
    }

    private static string SubjectOf(IReadOnlyList<DeliveryContent> items)
    {
        var again = items.All(i => i.Replay == true) ? "(again) " : "";
        var dyads = items.SelectMany(i => i.Dyads).Distinct().Count();
        return items.Count == 1
            ? $"[GeoEvents] {again}{NewsOf(items[0])}"
            : $"[GeoEvents] {again}{items.Count} messages on {dyads} relationship{(dyads == 1 ? "" : "s")}";
    }

    /// <summary>What happened, and to whom, stands before the title, which may be long.</summary>
    private static string NewsOf(DeliveryContent item)
    {
        if (item is not { Rule: { } rule, Severity: { } severity })
        {
            return Capital(item.Headline);
        }

        var what = item.Type switch
        {
            "alert_fired" => KebabCaseEnumConverter.NameOf(severity),
            "alert_severity_raised" => $"now {KebabCaseEnumConverter.NameOf(severity)}",
            _ => item.Type["alert_".Length..],
        };
        return $"{Capital(what)}: {string.Join(", ", item.Dyads)}, {rule.Title ?? rule.Id}";
    }

    private static string Capital(string text) => text.Length == 0 ? text : $"{char.ToUpper(text[0], CultureInfo.InvariantCulture)}{text[1..]}";

    /// <summary>Nothing in a subject can begin another header.</summary>
    private static string OneLine(string text)
    {
        var line = new string([.. text.Select(c => char.IsControl(c) ? ' ' : c)]);
        return line.Length <= LongestSubject ? line : line[..(LongestSubject - (char.IsHighSurrogate(line[LongestSubject - 2]) ? 2 : 1))] + "…";
    }
}
