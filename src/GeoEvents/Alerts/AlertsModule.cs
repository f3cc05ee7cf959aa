using GeoEvents.Alerts.Backtests;
using GeoEvents.Alerts.Engine;
using GeoEvents.Alerts.Live;
using GeoEvents.Alerts.Rules;

namespace GeoEvents.Alerts;

/// <summary>What the service has to know of alerts.</summary>
public static class AlertsModule
{
    public static void AddAlerts(this IServiceCollection services)
    {
        services.AddSingleton<RuleReader>();
        services.AddSingleton<RuleEnabling>();
        services.AddSingleton<EpisodeReader>();
        services.AddSingleton<AlertReader>();
        services.AddSingleton<AlertVerifier>();
        services.AddSingleton<DyadTurns>();
        services.AddSingleton<EngineStore>();
        services.AddSingleton<Backtester>();
        services.AddSingleton<BacktestPlans>();
        services.AddSingleton<BacktestStore>();
        services.AddSingleton<BacktestJobs>();
        services.AddHostedService(provider => provider.GetRequiredService<BacktestJobs>());
        services.AddHostedService<AlertEngine>();
    }
}
