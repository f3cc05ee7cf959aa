using System.Text.RegularExpressions;
using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Sources;

namespace GeoEvents.Imports.Mappings;

/// <summary>Which mappings can be used. Each check names the field by JSON pointer.</summary>
public static partial class MappingRules
{
    public const string NameRule = "A name of a mapping has 1 to 64 lower-case letters, digits, or . _ - and begins with a letter or digit.";

    /// <summary>Entries of all tables together, and characters of a text; a mapping is written by people.</summary>
    private const int MostEntries = 10_000;
    private const int LongestText = 2_000;

    private static readonly string[] Precisions = ["day", "about", "month", "year"];

    public static bool IsName(string name) => SourceRules.IsId(name);

    public static IReadOnlyList<FieldProblem> Check(CsvMapping mapping)
    {
        var problems = new List<FieldProblem>();
        void Fault(string pointer, string code, string detail) => problems.Add(FieldProblem.At(pointer, code, detail));

        if (!SourceRules.IsId(mapping.Origin))
        {
            Fault("/origin", mapping.Origin.Length == 0 ? "required" : "malformed", "An origin has 1 to 64 lower-case letters, digits, or . _ - and begins with a letter or digit.");
        }

        problems.AddRange(SourceRules.Check(mapping.Source, "/source"));
        if (mapping.Delimiter is { } delimiter && !(delimiter is [var c] && c is not ('"' or '\r' or '\n') && (c == '\t' || !char.IsControl(c)) && !char.IsLetterOrDigit(c)))
        {
            Fault("/delimiter", "malformed", "A delimiter is one character that is no letter, digit or quotation mark.");
        }

        if (mapping.Tables.Values.Sum(t => t.Count) > MostEntries)
        {
            Fault("/tables", "too-many", $"At most {MostEntries:N0} entries in all.");
        }

        if (mapping.Type is null && mapping.Cameo is null)
        {
            Fault("/type", "required", "A mapping needs a type or a CAMEO code.");
        }

        Needed("/id", mapping.Id);
        Needed("/title", mapping.Title);
        Term("/summary", mapping.Summary);
        Term("/type", mapping.Type);
        Coded("/type", mapping.Type, t => Methods.Shipped.FindType(t) is not null, "unknown-type", "There is no such type. GET …/types lists them.");
        Term("/cameo", mapping.Cameo);
        Coded("/cameo", mapping.Cameo, Cameo.IsValid, "unknown-cameo", "Not a CAMEO code.");
        Date(mapping.Occurred);
        for (var i = 0; i < mapping.SkipUnless.Count; i++)
        {
            var (condition, at) = (mapping.SkipUnless[i], $"/skipUnless/{i}");
            Needed($"{at}/value", condition.Value);
            if (condition.Is is null or [])
            {
                Fault($"{at}/is", "required", "A condition needs the values with which a row is kept.");
            }

            if (!Reason().IsMatch(condition.Reason))
            {
                Fault($"{at}/reason", condition.Reason.Length == 0 ? "required" : "malformed", "A reason has 1 to 64 lower-case letters, digits and hyphens.");
            }
        }

        if (mapping.Links.Count == 0)
        {
            Fault("/links", "required", "A mapping needs at least one link from an actor to a recipient.");
        }

        for (var i = 0; i < mapping.Links.Count; i++)
        {
            var (link, at) = (mapping.Links[i], $"/links/{i}");
            Actor($"{at}/actor", link.Actor, needed: true);
            Actor($"{at}/recipient", link.Recipient, needed: true);
            if (!(link.Attribution >= 0 && link.Attribution <= 1))
            {
                Fault($"{at}/attribution", "out-of-range", "An attribution is 0 to 1.");
            }
        }

        Term("/place/name", mapping.Place?.Name);
        Actor("/place/country", mapping.Place?.Country, needed: false);
        Term("/place/latitude", mapping.Place?.Latitude);
        Term("/place/longitude", mapping.Place?.Longitude);
        if (mapping.Place is { } place && place.Latitude is null != place.Longitude is null)
        {
            Fault(place.Latitude is null ? "/place/latitude" : "/place/longitude", "required", "Latitude and longitude come together.");
        }

        Term("/place/precision", mapping.Place?.Precision);
        foreach (var (name, estimate) in new[] { ("deaths", mapping.Deaths), ("injured", mapping.Injured), ("detained", mapping.Detained) })
        {
            if (estimate is not null)
            {
                Needed($"/{name}/best", estimate.Best);
                Term($"/{name}/low", estimate.Low);
                Term($"/{name}/high", estimate.High);
            }
        }

        Term("/report/url", mapping.Report?.Url);
        Term("/report/quote", mapping.Report?.Quote);
        Term("/report/independentSources", mapping.Report?.IndependentSources);
        return problems;

        void Needed(string pointer, Term? term)
        {
            if (term is null)
            {
                Fault(pointer, "required", "The mapping has to say where it comes from.");
            }

            Term(pointer, term);
        }

        void Term(string pointer, Term? term)
        {
            if (term is null)
            {
                return;
            }

            foreach (var text in new[] { term.Of, term.Otherwise }.Concat(term.Match ?? []))
            {
                if (text?.Length > LongestText)
                {
                    Fault(pointer, "too-long", $"At most {LongestText:N0} characters.");
                    return;
                }
            }

            try
            {
                _ = new Template(term.Of);
                foreach (var match in term.Match ?? [])
                {
                    _ = new Regex(match, TermReader.Matching);
                }
            }
            catch (Exception e) when (e is FormatException or ArgumentException or NotSupportedException)
            {
                Fault(pointer, "malformed", e.Message);
            }

            if (term is { Table: not null, Values: not null })
            {
                Fault($"{pointer}/table", "contradiction", "A term has a table or values, not both.");
            }

            if (term.Table is { } table && !mapping.Tables.ContainsKey(table))
            {
                Fault($"{pointer}/table", "unknown-table", "The mapping has no such table.");
            }
        }

        // What can come of a term that is a constant or ends in a table is known before any row is read.
        void Coded(string pointer, Term? term, Func<string, bool> known, string code, string detail)
        {
            IReadOnlyDictionary<string, string> results = term switch
            {
                null => new Dictionary<string, string>(),
                { Values: { } values } => values,
                { Table: { } table } => mapping.Tables.GetValueOrDefault(table) ?? new Dictionary<string, string>(),
                _ when !term.Of.Contains('{') && term.Match is null => new Dictionary<string, string> { [""] = term.Of },
                _ => new Dictionary<string, string>(),
            };
            foreach (var (key, _) in results.Where(r => !known(r.Value)))
            {
                Fault($"{pointer}{(key.Length > 0 ? $"/values/{key.Replace("~", "~0").Replace("/", "~1")}" : "")}", code, detail);
            }

            if (term?.Otherwise is { } otherwise && !known(otherwise))
            {
                Fault($"{pointer}/otherwise", code, detail);
            }
        }

        void Date(MappedDate? date)
        {
            Needed("/occurred/from", date?.From);
            Term("/occurred/to", date?.To);
            Term("/occurred/precision", date?.Precision);
            Coded("/occurred/precision", date?.Precision, Precisions.Contains, "malformed", $"Not one of: {string.Join(", ", Precisions)}.");
            for (var i = 0; i < (date?.Formats?.Count ?? 0); i++)
            {
                if (!DateReader.IsPattern(date!.Formats![i]))
                {
                    Fault($"/occurred/formats/{i}", "malformed", "Not a pattern with year, month and day, such as YYYY-MM-DD.");
                }
            }
        }

        void Actor(string pointer, MappedActor? actor, bool needed)
        {
            if (needed || actor is not null)
            {
                Needed($"{pointer}/who", actor?.Who);
                Term($"{pointer}/role", actor?.Role);
            }
        }
    }

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9-]{0,63}\z")]
    private static partial Regex Reason();
}
