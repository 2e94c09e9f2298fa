namespace Field.MapApp.Forms;

/// <summary>A form cannot be made.</summary>
internal sealed class FormException(FormFault fault) : FieldException($"{fault.Ja} / {fault.En}")
{
    public int Status => fault.Status;

    public string Ja => fault.Ja;

    public string En => fault.En;
}
