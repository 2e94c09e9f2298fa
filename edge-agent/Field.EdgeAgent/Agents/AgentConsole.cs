using Field.EdgeAgent.View;

namespace Field.EdgeAgent.Agents;

/// <summary>The console of an agent.</summary>
internal static class AgentConsole
{
    /// <summary>A view on it.</summary>
    public static AgentView View(Texts texts) =>
        new(texts, Console.Out, Console.Error, isInteractive: !Console.IsOutputRedirected && !Console.IsErrorRedirected, TimeProvider.System);
}
