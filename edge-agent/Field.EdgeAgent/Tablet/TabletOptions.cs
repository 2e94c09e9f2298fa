using Field.EdgeAgent.Agents;
using Field.EdgeAgent.Position;
using Field.EdgeAgent.View;

namespace Field.EdgeAgent.Tablet;

/// <summary>What <c>tablet</c> was asked to do.</summary>
internal sealed record TabletOptions : AgentOptions
{
    /// <summary>The server that the command line names.</summary>
    public TabletOptions(AgentOptions options)
        : base(options)
    {
    }

    /// <summary>Folder where reports, tracks and photos are dropped.</summary>
    public required string Drops { get; init; }

    /// <summary>Delete what was handed over, and photos once the server has confirmed their SHA-256. Default false.</summary>
    public bool Delete { get; init; }

    /// <summary>Where the tablet's position comes from, or null.</summary>
    public PositionOptions? Position { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Errors(Texts texts)
    {
        List<string> errors = [.. base.Errors(texts), .. Position?.Errors(texts) ?? []];
        if (!Directory.Exists(Drops))
        {
            errors.Add(texts.Pick($"フォルダー「{Drops}」が見つかりません。--folder の指定を確かめてください。", $"The folder {Drops} does not exist. Check --folder."));
        }

        return errors;
    }
}
