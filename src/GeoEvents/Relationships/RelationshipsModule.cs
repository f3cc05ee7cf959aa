using GeoEvents.Relationships.Counterfactual;
using GeoEvents.Relationships.Diff;
using GeoEvents.Relationships.Robustness;
using Marten;

namespace GeoEvents.Relationships;

/// <summary>The parts of this folder that others ask for.</summary>
public static class RelationshipsModule
{
    public static void AddRelationships(this IServiceCollection services)
    {
        services.AddSingleton<LedgerReader>();
        services.AddSingleton<LedgerImage>();
        services.AddSingleton<RelationshipReader>();
        services.AddSingleton<BeliefDiffReader>();
        services.AddSingleton<MethodComparison>();
        services.AddSingleton<PlaybackReader>();
        services.AddSingleton<PlaybackRequestReader>();
        services.AddSingleton<PlaybackWriter>();
        services.AddSingleton<OverlayStore>();
        services.AddSingleton<OverlayReader>();
        services.AddSingleton<CounterfactualReader>();
        services.AddSingleton<RobustnessReader>();
    }

    public static void AddRelationships(this StoreOptions store) => store.Schema.For<StoredOverlay>().MultiTenanted();
}
