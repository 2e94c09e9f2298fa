using Field.Store;

namespace Field.MapApp.Forms;

/// <summary>A photo that somebody chose as a general view of a bridge (SPEC.md, Board).</summary>
/// <param name="Row">The board's row: which view, of which bridge, chosen by whom and when.</param>
/// <param name="Photo">The photo.</param>
internal sealed record GeneralView(Feature Row, Feature Photo)
{
    private static readonly (string State, string Ja, string En)[] Kinds = [("whole", "全景", "Whole bridge"), ("side", "側面", "Side"), ("deck", "橋面", "Deck"), ("span", "径間", "Span")];

    /// <summary>Its place in the record.</summary>
    public int Rank => Array.FindIndex(Kinds, k => k.State == Row.Text("state"));

    /// <summary>What it shows.</summary>
    public string Name(bool japanese) => Rank < 0 ? "" : japanese ? Kinds[Rank].Ja : Kinds[Rank].En;
}
