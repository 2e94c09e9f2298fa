namespace Field.MapApp.Forms;

/// <summary>Why a form cannot be made, for people, in both languages.</summary>
/// <param name="status">The HTTP status that says the same.</param>
/// <param name="ja">In Japanese.</param>
/// <param name="en">In English.</param>
internal sealed class FormException(int status, string ja, string en) : FieldException($"{ja} / {en}")
{
    public int Status { get; } = status;

    public string Ja { get; } = ja;

    public string En { get; } = en;
}
