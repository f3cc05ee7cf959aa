using System.Text.RegularExpressions;
using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Sources;

namespace GeoEvents.Incidents;

/// <summary>Which contents are an incident. Each check names the field by JSON pointer.</summary>
public static partial class IncidentRules
{
    public const int LongestTitle = 300;
    public const int LongestText = 10_000;
    public const int LongestUrl = 2_000;
    public const int MostLinks = 100;
    public const int MostReports = 200;
    public const int MostTags = 50;
    public const int MostSources = 1_000_000;

    /// <summary>More people than this did not die of one incident; a larger number is a slip of the keyboard.</summary>
    public const long MostPeople = 100_000_000;

    /// <summary>What is wrong with a content by itself, whatever is on record; all of it.</summary>
    /// <param name="at">Pointer of the content within the body.</param>
    /// <param name="recordedAt">No incident lies after it.</param>
    public static IEnumerable<FieldProblem> Check(IncidentContent content, Method method, DateTimeOffset recordedAt, string at = "")
    {
        var problems = new List<FieldProblem>();
        void Fault(string pointer, string code, string detail) => problems.Add(FieldProblem.At($"{at}/{pointer}", code, detail));

        if (content.Id.Length > 0 && !IsId(content.Id))
        {
            Fault("id", "malformed", "An id has 1 to 128 letters, digits, or . _ ~ : - and begins with a letter or digit.");
        }

        if (content.Occurred.Length == 0)
        {
            Fault("occurred", "required", "An incident needs a date.");
        }
        else if (!OccurredOn.TryFindZone(content.Zone, out _))
        {
            Fault("zone", "unknown-zone", "Not an IANA time zone such as Asia/Baku.");
        }
        else if (!OccurredOn.TryResolve(content, recordedAt, out _, out var reason))
        {
            Fault("occurred", "malformed-date", reason);
        }

        Text("title", content.Title, LongestTitle, required: true);
        Text("summary", content.Summary, LongestText, multiline: true);

        if (content.Type is null && content.Cameo is null)
        {
            Fault("type", "required", "An incident needs a type or a CAMEO code.");
        }

        if (content.Type is { } type && method.FindType(type) is null)
        {
            Fault("type", "unknown-type", $"Method {method.Id} has no such type. GET …/types lists them.");
        }

        if (content.Cameo is { } cameo && !Cameo.IsValid(cameo))
        {
            Fault("cameo", "unknown-cameo", "Not a CAMEO code: two to four digits below one of the roots 01 to 20.");
        }

        CheckLinks(content.Links, Fault);
        for (var i = 0; i < content.Others.Count; i++)
        {
            if (content.Others[i].Actor == default)
            {
                Fault($"others/{i}/actor", "required", "Another party needs an actor code.");
            }
        }

        AtMost("others", content.Others.Count, MostLinks);
        if (content.Place is { } place)
        {
            Text("place/name", place.Name, LongestTitle);
            InRange("place/latitude", place.Latitude, -90, 90);
            InRange("place/longitude", place.Longitude, -180, 180);
            if (place.Latitude is null != place.Longitude is null)
            {
                Fault(place.Latitude is null ? "place/latitude" : "place/longitude", "required", "Latitude and longitude come together.");
            }
        }

        People("deaths", content.Deaths);
        People("injured", content.Injured);
        People("detained", content.Detained);

        switch (content.Measure)
        {
            case { Opens: true, Closes: not null }:
                Fault("measure", "contradiction", "An incident opens a measure or closes one, not both.");
                break;
            case { Opens: false, Closes: null }:
                Fault("measure", "required", "A measure needs opens: true, or closes with the id of the incident that opened it.");
                break;
            case { Closes: { } closes } when !IsId(closes):
                Fault("measure/closes", "malformed", "Not the id of an incident.");
                break;
            case { Closes: { } closes } when closes == content.Id:
                Fault("measure/closes", "contradiction", "An incident cannot close itself.");
                break;
        }

        if (content.RespondsTo is { } respondsTo && (!IsId(respondsTo) || respondsTo == content.Id))
        {
            Fault("respondsTo", "malformed", "Not the id of another incident.");
        }

        AtMost("issues", content.Issues.Count, MostTags);
        for (var i = 0; i < content.Issues.Count; i++)
        {
            if (content.Issues[i] is null || !IsTag(content.Issues[i]))
            {
                Fault($"issues/{i}", "malformed", "A tag has 1 to 64 letters, digits, or . _ - and begins with a letter or digit.");
            }
        }

        if (content.Assessment is { } assessment)
        {
            Text("assessment/note", assessment.Note, LongestText, multiline: true);
            if (assessment.Likelihood is { } likelihood && !Icd203.IsRange(likelihood))
            {
                Fault("assessment/likelihood", "out-of-range", "A likelihood is two numbers, lowest and highest, each from 0 to 1.");
            }
        }

        return problems;

        void Text(string pointer, string? text, int longest, bool required = false, bool multiline = false)
        {
            if (TextRules.Fault(text, longest, required, multiline) is { } fault)
            {
                Fault(pointer, fault.Code, fault.Detail);
            }
        }

        void InRange(string pointer, double? value, double low, double high)
        {
            if (value is { } number && !(number >= low && number <= high))
            {
                Fault(pointer, "out-of-range", $"Not a number from {low} to {high}.");
            }
        }

        void AtMost(string pointer, int count, int most)
        {
            if (count > most)
            {
                Fault(pointer, "too-many", $"At most {most}.");
            }
        }

        void People(string pointer, Estimate? estimate)
        {
            if (estimate is { } e && !(0 <= (e.Low ?? e.Best) && (e.Low ?? e.Best) <= e.Best && e.Best <= (e.High ?? e.Best) && (e.High ?? e.Best) <= MostPeople))
            {
                Fault(pointer, "out-of-range", $"A number of people is 0 to {MostPeople:N0}, with low ≤ best ≤ high.");
            }
        }
    }

    /// <summary>What is wrong with reports by themselves.</summary>
    public static IEnumerable<FieldProblem> Check(IReadOnlyList<ReportDraft> reports, string at = "/reports")
    {
        if (reports.Count > MostReports)
        {
            yield return FieldProblem.At(at, "too-many", $"At most {MostReports}.");
        }

        for (var i = 0; i < reports.Count; i++)
        {
            foreach (var problem in Check(reports[i], $"{at}/{i}"))
            {
                yield return problem;
            }
        }
    }

    public static IEnumerable<FieldProblem> Check(ReportDraft report, string at)
    {
        if (report.Source.Length == 0)
        {
            yield return FieldProblem.At($"{at}/source", "required", "A report needs a source.");
        }
        else if (!SourceRules.IsId(report.Source))
        {
            yield return FieldProblem.At($"{at}/source", "malformed", SourceRules.IdRule);
        }

        if (report.Credibility is < 1 or > 6)
        {
            yield return FieldProblem.At($"{at}/credibility", "out-of-range", "A credibility grade is 1 (confirmed) to 6 (cannot be judged).");
        }

        if (report.IndependentSources is < 1 or > MostSources)
        {
            yield return FieldProblem.At($"{at}/independentSources", "out-of-range", $"A count of independent sources is 1 to {MostSources:N0}.");
        }

        if (report.Url is { } url && !TextRules.IsWebAddress(url, LongestUrl))
        {
            yield return FieldProblem.At($"{at}/url", "malformed", $"Not an http or https address of at most {LongestUrl} characters.");
        }

        if (TextRules.Fault(report.Quote, LongestText, required: false, multiline: true) is { } fault)
        {
            yield return FieldProblem.At($"{at}/quote", fault.Code, fault.Detail);
        }
    }

    public static bool IsId(string id) => Id().IsMatch(id);

    public static bool IsTag(string tag) => Tag().IsMatch(tag);

    private static void CheckLinks(IReadOnlyList<Link> links, Action<string, string, string> fault)
    {
        if (links.Count == 0)
        {
            fault("links", "required", "An incident needs at least one link from an actor to a recipient.");
        }

        if (links.Count > MostLinks)
        {
            fault("links", "too-many", $"At most {MostLinks}.");
        }

        for (var i = 0; i < links.Count; i++)
        {
            var link = links[i];
            if (link.Actor == default)
            {
                fault($"links/{i}/actor", "required", "A link needs an acting actor.");
            }

            if (link.Recipient == default)
            {
                fault($"links/{i}/recipient", "required", "A link needs a recipient.");
            }

            if (link.Actor == link.Recipient && link.Actor != default)
            {
                fault($"links/{i}/recipient", "same-actor", "A link joins two different actors.");
            }

            if (links.Take(i).Any(l => l.Actor == link.Actor && l.Recipient == link.Recipient))
            {
                fault($"links/{i}", "repeated", "This link is given twice.");
            }

            if (!(link.Attribution >= 0 && link.Attribution <= 1))
            {
                fault($"links/{i}/attribution", "out-of-range", "An attribution is 0 to 1.");
            }

            foreach (var (name, role) in new[] { ("actorRole", link.ActorRole), ("recipientRole", link.RecipientRole) })
            {
                if (TextRules.Fault(role, 64, required: false, multiline: false) is { } wrong)
                {
                    fault($"links/{i}/{name}", wrong.Code, wrong.Detail);
                }
            }
        }
    }

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._~:-]{0,127}\z")]
    private static partial Regex Id();

    [GeneratedRegex(@"\A[\p{L}\p{N}][\p{L}\p{N}._-]{0,63}\z")]
    private static partial Regex Tag();
}
