using System.Text.Json;
using System.Text.Json.Serialization;
using GeoEvents.Hosting;
using GeoEvents.Incidents;
using GeoEvents.Watching;

namespace GeoEvents.Cli.Service;

/// <summary>How answers are read: as the service writes them, and what a newer service adds is passed over.</summary>
public static class Reading
{
    public static JsonSerializerOptions Options { get; } = new(GeoJson.Options)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
        RespectNullableAnnotations = false,
    };
}

/// <summary>An incident as the service answers with it.</summary>
public sealed record IncidentAnswer : IncidentContent
{
    public IReadOnlyList<Report> Reports { get; init; } = [];

    public bool Retracted { get; init; }

    public CredibilityView Credibility { get; init; } = new(0.5, CredibilityRule.Ungraded);

    public string? LikelihoodWords { get; init; }

    public DateTimeOffset Tau { get; init; }

    public string? Import { get; init; }

    public MissingUpstream? MissingUpstream { get; init; }

    public long Version { get; init; }

    public long Position { get; init; }

    public DateTimeOffset RecordedAt { get; init; }

    public ChangeClass ChangeClass { get; init; }

    public IReadOnlyList<Suggestion> Suggestions { get; init; } = [];
}

/// <summary>A feed as the service answers with it.</summary>
public sealed record FeedAnswer(
    string Name,
    string Address,
    string Format,
    string Ending,
    int IntervalSeconds,
    DateTimeOffset? From,
    FeedState State,
    string User,
    DateTimeOffset CreatedAt,
    DateTimeOffset? Cursor,
    DateTimeOffset? SeenAt,
    int Failures,
    string? LastError,
    DateTimeOffset? LastErrorAt,
    DateTimeOffset NextAttempt,
    long LagSeconds,
    long Waiting,
    long GivenUp,
    TakenFile? LastTaken);

/// <summary>A list without a log position, such as rejected rows.</summary>
public sealed record Listed<T>(IReadOnlyList<T> Items, string? Next);
