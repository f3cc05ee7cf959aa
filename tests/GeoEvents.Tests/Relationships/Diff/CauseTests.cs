using GeoEvents.Incidents;
using GeoEvents.Relationships.Diff;

namespace GeoEvents.Tests.Relationships.Diff;

public class CauseTests
{
    [Theory]
    [InlineData(ChangeClass.Live, false, Cause.LearnedLate)]
    [InlineData(ChangeClass.Late, false, Cause.LearnedLate)]
    [InlineData(ChangeClass.Backfill, false, Cause.LearnedLate)]
    [InlineData(ChangeClass.Correction, false, Cause.Corrected)]
    [InlineData(ChangeClass.Retraction, false, Cause.Retracted)]
    [InlineData(ChangeClass.Reinstatement, false, Cause.Reinstated)]
    [InlineData(ChangeClass.Merge, false, Cause.Merged)]
    [InlineData(ChangeClass.Merge, true, Cause.Unmerged)]
    [InlineData(ChangeClass.Split, false, Cause.Split)]
    [InlineData(ChangeClass.Split, true, Cause.Unsplit)]
    public void A_fact_is_a_cause_by_its_class_and_by_whether_it_undoes(ChangeClass change, bool undoes, Cause cause) => Causes.Of(change, undoes).ShouldBe(cause);
}
