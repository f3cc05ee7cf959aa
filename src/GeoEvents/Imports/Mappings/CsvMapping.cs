using System.Text.Json.Serialization;
using GeoEvents.Coding;
using GeoEvents.Incidents;
using GeoEvents.Sources;

namespace GeoEvents.Imports.Mappings;

/// <summary>How the rows of a CSV file are read as incidents; docs/mappings.md says it in full.</summary>
public sealed record CsvMapping
{
    /// <summary>For people.</summary>
    public string? Note { get; init; }

    /// <summary>Names the feed: an incident's id is the origin, a colon, and <see cref="Id"/>.</summary>
    public string Origin { get; init; } = "";

    /// <summary>Who publishes the rows; registered with the first of them.</summary>
    public SourceDraft Source { get; init; } = new();

    /// <summary>One character; null is found out from the header.</summary>
    public string? Delimiter { get; init; }

    /// <summary>Named tables that terms look values up in.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Tables { get; init; } = new Dictionary<string, IReadOnlyDictionary<string, string>>();

    /// <summary>Rows that do not meet all of them are skipped.</summary>
    public IReadOnlyList<RowCondition> SkipUnless { get; init; } = [];

    public Term? Id { get; init; }

    public MappedDate? Occurred { get; init; }

    public Term? Title { get; init; }

    public Term? Summary { get; init; }

    public Term? Type { get; init; }

    public Term? Cameo { get; init; }

    public IReadOnlyList<MappedLink> Links { get; init; } = [];

    public MappedPlace? Place { get; init; }

    public MappedEstimate? Deaths { get; init; }

    public MappedEstimate? Injured { get; init; }

    public MappedEstimate? Detained { get; init; }

    public Intent? Intent { get; init; }

    public MappedReport? Report { get; init; }

    /// <summary>The columns that the file has to have, each with a pointer to where it is named.</summary>
    public IEnumerable<(string Pointer, string Column)> ColumnsNamed() =>
        from term in Terms()
        where term.Term is not null
        from column in new Template(term.Term.Of).Columns
        select (term.Pointer, column);

    private IEnumerable<(string Pointer, Term? Term)> Terms() =>
    [
        ("/id", Id), ("/occurred/from", Occurred?.From), ("/occurred/to", Occurred?.To), ("/occurred/precision", Occurred?.Precision),
        ("/title", Title), ("/summary", Summary), ("/type", Type), ("/cameo", Cameo),
        .. SkipUnless.Select((c, i) => ($"/skipUnless/{i}/value", c.Value)),
        .. Links.SelectMany((l, i) => new[]
        {
            ($"/links/{i}/actor/who", l.Actor?.Who), ($"/links/{i}/actor/role", l.Actor?.Role),
            ($"/links/{i}/recipient/who", l.Recipient?.Who), ($"/links/{i}/recipient/role", l.Recipient?.Role),
        }),
        ("/place/name", Place?.Name), ("/place/country/who", Place?.Country?.Who),
        ("/place/latitude", Place?.Latitude), ("/place/longitude", Place?.Longitude), ("/place/precision", Place?.Precision),
        .. new[] { ("deaths", Deaths), ("injured", Injured), ("detained", Detained) }.SelectMany(p => new[]
        {
            ($"/{p.Item1}/best", p.Item2?.Best), ($"/{p.Item1}/low", p.Item2?.Low), ($"/{p.Item1}/high", p.Item2?.High),
        }),
        ("/report/url", Report?.Url), ("/report/quote", Report?.Quote), ("/report/independentSources", Report?.IndependentSources),
    ];
}

/// <param name="Reason">Stable name, counted in the answer.</param>
/// <param name="Is">The values of <paramref name="Value"/> with which a row is kept.</param>
public sealed record RowCondition(Term? Value = null, IReadOnlyList<string>? Is = null, string Reason = "");

/// <param name="Formats">Patterns as in <c>YYYY-MM-DD</c> or <c>d MMMM yyyy</c>, tried in turn; <c>edtf</c> takes the value as it stands.</param>
/// <param name="Precision"><c>day</c>, <c>about</c> (a day, give or take one), <c>month</c> or <c>year</c>; null is day.</param>
public sealed record MappedDate(Term? From = null, Term? To = null, IReadOnlyList<string>? Formats = null, Term? Precision = null);

/// <summary>What a value that names an actor is.</summary>
[JsonConverter(typeof(KebabCaseEnumConverter<NamedBy>))]
public enum NamedBy
{
    /// <summary>Three letters, two letters or the number of ISO 3166-1.</summary>
    Iso,

    /// <summary>A state's name.</summary>
    Name,

    /// <summary>A country code of CAMEO.</summary>
    Cameo,

    /// <summary>A country code of FIPS 10-4.</summary>
    Fips,

    /// <summary>The code of any actor on record.</summary>
    Code,
}

/// <param name="Role">Kept on the link; cut to 64 characters.</param>
public sealed record MappedActor(Term? Who = null, NamedBy By = NamedBy.Iso, Term? Role = null);

/// <param name="Attribution">ℓ, 0 to 1.</param>
public sealed record MappedLink(MappedActor? Actor = null, MappedActor? Recipient = null, double Attribution = 1);

/// <param name="Precision"><c>country</c>, <c>region</c>, <c>city</c>, <c>site</c> or <c>exact</c>.</param>
public sealed record MappedPlace(
    Term? Name = null, MappedActor? Country = null, Term? Latitude = null, Term? Longitude = null, Term? Precision = null);

public sealed record MappedEstimate(Term? Best = null, Term? Low = null, Term? High = null);

/// <param name="IndependentSources">A number; one below 1 is none.</param>
public sealed record MappedReport(Term? Url = null, Term? Quote = null, Term? IndependentSources = null);
