-- Nobody gets the same mailing twice, whoever is killed while it is written (R6).
CREATE UNIQUE INDEX one_letter_of_a_mailing ON letters (mailing_id, registration_id)
    WHERE mailing_id IS NOT NULL AND registration_id IS NOT NULL;
