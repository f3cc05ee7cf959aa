using GeoEvents.Assessments;
using GeoEvents.Coding;
using GeoEvents.Context;
using GeoEvents.Hosting;
using GeoEvents.Recording;

namespace GeoEvents.Exports;

/// <summary>When assessed postures expire: those that are not withdrawn.</summary>
public sealed class AssessmentDeadlines(StateReader states) : IDeadlineSource
{
    private const string Kind = "assessment";

    public async Task<IReadOnlyList<Deadline>> Read(string workspace, AsOf asOf, Dyad? dyad, CancellationToken cancel) =>
        [.. from assessments in await states.All<PostureAssessments, AssessmentEvent>(workspace, asOf.Known.Position, cancel)
            where dyad is null || assessments.Dyad == dyad
            from assessment in assessments.All
            where assessment.WithdrawnAt is null && assessment.MadeAt <= asOf.Valid && assessment.Fact.ExpiresAt is not null
            let fact = assessment.Fact
            select new Deadline(
                Kind,
                $"{fact.Dyad}-{fact.Id}",
                $"{fact.Dyad}: the assessment of rung {fact.Rung} ({asOf.Method.Rungs[fact.Rung].Name}) by {fact.Author} expires",
                fact.ExpiresAt!.Value,
                WholeDay: false,
                assessment.MadeAt,
                fact.Dyad,
                fact.Reason,
                $"relationships/{fact.Dyad}/assessments")];
}

/// <summary>When steps out of a crisis are due: those that are neither done nor abandoned.</summary>
public sealed class PathwayDeadlines(StateReader states) : IDeadlineSource
{
    private const string Kind = "step";

    public async Task<IReadOnlyList<Deadline>> Read(string workspace, AsOf asOf, Dyad? dyad, CancellationToken cancel) =>
        [.. from pathway in await states.All<Pathway, PathwayEvent>(workspace, asOf.Known.Position, cancel)
            where dyad is null || pathway.Content.Dyad == dyad
            from step in pathway.Content.Steps
            where step.State is StepState.Open or StepState.UnderWay && step.Due is not null
            select new Deadline(
                Kind,
                $"{pathway.Content.Id}-{step.Id}",
                $"{pathway.Content.Name}: {step.Title}",
                new DateTimeOffset(step.Due!.Value, default, TimeSpan.Zero),
                WholeDay: true,
                pathway.RecordedAt,
                pathway.Content.Dyad,
                null,
                $"pathways/{pathway.Content.Id}")];
}
