using System.Globalization;
using System.Net;
using System.Text;
using GeoEvents.Coding;

namespace GeoEvents.Delivery.Email;

/// <summary>What an e-mail says, as plain text and as HTML.</summary>
public sealed class EmailText(string workspace, Subscription subscription, IReadOnlyList<DeliveryContent> items)
{
    private const int MostCauses = 10;

    public string Plain()
    {
        var text = new StringBuilder();
        foreach (var (heading, group) in Grouped())
        {
            if (items.Count > 1)
            {
                text.Append(CultureInfo.InvariantCulture, $"{heading}\r\n{new string('=', heading.Length)}\r\n\r\n");
            }

            foreach (var item in group)
            {
                text.Append(CultureInfo.InvariantCulture, $"{item.Headline}\r\n\r\n");
                foreach (var (name, value) in Details(item))
                {
                    text.Append(CultureInfo.InvariantCulture, $"  {name}: {value}\r\n");
                }

                text.Append("\r\n");
            }
        }

        return text.Append("-- \r\n").Append(Why()).Append("\r\n").Append(HowToStop()).Append("\r\n").ToString();
    }

    public string Html()
    {
        var html = new StringBuilder("<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>GeoEvents</title></head><body style=\"font-family:sans-serif\">\r\n");
        foreach (var (heading, group) in Grouped())
        {
            if (items.Count > 1)
            {
                html.Append(CultureInfo.InvariantCulture, $"<h2>{Escape(heading)}</h2>\r\n");
            }

            foreach (var item in group)
            {
                html.Append(CultureInfo.InvariantCulture, $"<h3>{Escape(item.Headline)}</h3>\r\n<table>\r\n");
                foreach (var (name, value) in Details(item))
                {
                    html.Append(CultureInfo.InvariantCulture, $"<tr><th align=\"left\" valign=\"top\">{Escape(name)}</th><td>{(IsLink(value) ? $"<a href=\"{Escape(value)}\">{Escape(value)}</a>" : Escape(value))}</td></tr>\r\n");
                }

                html.Append("</table>\r\n");
            }
        }

        return html.Append(CultureInfo.InvariantCulture, $"<hr><p><small>{Escape(Why())}<br>{Escape(HowToStop())}</small></p></body></html>\r\n").ToString();
    }

    /// <summary>By relationship, in the order in which each comes up.</summary>
    private IEnumerable<(string Heading, IEnumerable<DeliveryContent> Items)> Grouped() =>
        items.GroupBy(i => string.Join(", ", i.Dyads)).Select(g => (g.Key.Length > 0 ? g.Key : "Others", g.AsEnumerable()));

    private static IEnumerable<(string Name, string Value)> Details(DeliveryContent item)
    {
        if (item.Replay == true)
        {
            yield return ("Sent again", "somebody asked for it");
        }

        yield return ("Recorded", Headlines.Moment(item.RecordedAt));
        if (item.At is { } at)
        {
            yield return ("At", Headlines.Moment(at));
        }

        if (item.Severity is { } severity)
        {
            yield return ("Severity", KebabCaseEnumConverter.NameOf(severity));
        }

        foreach (var (name, value) in item.Values ?? new Dictionary<string, double>())
        {
            yield return (name, Number(value));
        }

        foreach (var (name, then) in item.Then ?? new Dictionary<string, double>())
        {
            yield return (name, item.Now?.TryGetValue(name, out var now) == true ? $"{Number(then)} then, {Number(now)} now" : $"{Number(then)} then");
        }

        foreach (var cause in (item.Causes ?? []).Take(MostCauses))
        {
            yield return ("Cause", $"{cause.Title ?? cause.Incident} ({cause.Incident}), weight {Number(cause.Weight)}");
        }

        if (item.Causes?.Count > MostCauses)
        {
            yield return ("Cause", $"and {item.Causes.Count - MostCauses} more");
        }

        if (item.Links.Receipt is { } receipt)
        {
            yield return ("Receipt", receipt);
        }

        yield return ("Feed", item.Links.Feed);
    }

    /// <summary>Why it was sent.</summary>
    private string Why() => items is [{ Rule: { } rule } only]
        ? $"You get this because rule “{rule.Title ?? rule.Id}” ({rule.Id}) on {string.Join(", ", only.Dyads)} said so, and subscription {subscription.Id} in workspace {workspace} asks for {AsksFor()}."
        : $"You get this because subscription {subscription.Id} in workspace {workspace} asks for {AsksFor()}.";

    private string AsksFor()
    {
        var filter = subscription.Filter;
        var what = filter.Types is { Count: > 0 } types ? string.Join(", ", types) : "alerts";
        var severity = filter.MinSeverity is { } least ? $" of severity {KebabCaseEnumConverter.NameOf(least)} or above" : "";
        var on = filter.Dyads is { Count: > 0 } dyads ? $" on {string.Join(", ", dyads)}" : " on any relationship";
        return $"{what}{severity}{on}{(filter.Rules is { Count: > 0 } rules ? $" by {string.Join(", ", rules)}" : "")}, and for what becomes of them";
    }

    private string HowToStop() =>
        $"To get no more of it, ask {subscription.User}, who made the subscription, or whoever runs GeoEvents for you, to end subscription {subscription.Id} in workspace {workspace}.";

    private static bool IsLink(string text) => text.StartsWith("https://", StringComparison.Ordinal) || text.StartsWith("http://", StringComparison.Ordinal);

    private static string Number(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);

    private static string Escape(string text) => WebUtility.HtmlEncode(text);
}
