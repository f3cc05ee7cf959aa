using GeoEvents.Actors;
using GeoEvents.Alerts;
using GeoEvents.Alerts.Rules;
using GeoEvents.Assessments;
using GeoEvents.Coding;
using GeoEvents.Context;
using GeoEvents.Coverage;
using GeoEvents.Hosting;
using GeoEvents.Incidents;
using GeoEvents.Scoring;
using GeoEvents.Sources;

namespace GeoEvents.Recording;

/// <summary>The streams that a decision named, folded up to now. What it did not name, it does not see.</summary>
public sealed class RecordView(IReadOnlyDictionary<StreamKey, object> states)
{
    public Incident? FindIncident(string id) => states.GetValueOrDefault(StreamKey.Incident(id)) as Incident;

    public T? Find<T>(StreamKey stream) where T : class => states.GetValueOrDefault(stream) as T;

    public Source? FindSource(string id) => states.GetValueOrDefault(StreamKey.Source(id)) as Source;

    /// <summary>A registered actor, or else the state of that code.</summary>
    public Actor? FindActor(ActorCode code) =>
        states.GetValueOrDefault(StreamKey.Actor(code)) as Actor ?? (States.Find(code) is { } state ? Actors.Actor.Of(state) : null);

    /// <summary>The versions of the method.</summary>
    public MethodBook Methods => states.GetValueOrDefault(StreamKey.Methods) as MethodBook ?? MethodBook.Beginning;

    /// <exception cref="RefusedException">No such incident (404).</exception>
    public Incident Incident(string id) => FindIncident(id) ?? throw RefusedException.NotFound("incident", id);

    /// <exception cref="RefusedException">No such source (404).</exception>
    public Source Source(string id) => FindSource(id) ?? throw RefusedException.NotFound("source", id);

    /// <exception cref="RefusedException">No such actor (404).</exception>
    public Actor Actor(ActorCode code) => FindActor(code) ?? throw RefusedException.NotFound("actor", code.ToString());

    /// <summary>The state of a stream after one more fact.</summary>
    public static object After(object? before, object fact, DateTimeOffset recordedAt, long position) => fact switch
    {
        IncidentEvent e => Incidents.Incident.After(before as Incident, e, recordedAt, position),
        SourceEvent e => Sources.Source.After(before as Source, e),
        ActorEvent e => Actors.Actor.After(before as Actor, e),
        MethodEvent e => (before as MethodBook ?? MethodBook.Beginning).After(e),
        ProfileEvent e => Profile.After(before as Profile, e, recordedAt),
        StakeEvent e => Stake.After(before as Stake, e, recordedAt),
        InfluenceClaimEvent e => InfluenceClaim.After(before as InfluenceClaim, e, recordedAt),
        PathwayEvent e => Pathway.After(before as Pathway, e, recordedAt),
        AssessmentEvent e => PostureAssessments.After(before as PostureAssessments, e, recordedAt),
        CheckEvent e => Checks.After(before as Checks, e, recordedAt),
        RuleEvent e => Rule.After(before as Rule, e, recordedAt),
        AlertEvent e => Alert.After(before as Alert, e, recordedAt, position),
        SilenceEvent e => SilenceState.After(before as SilenceState, e, recordedAt),
        _ => throw new InvalidOperationException($"{fact.GetType().Name} is not a fact of this record."),
    };
}
